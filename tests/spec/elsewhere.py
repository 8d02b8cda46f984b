"""Rules that a case of the specification cannot show (a load, a whole table), and the tests that hold them."""

from __future__ import annotations

LOADING, STATUSES = "tests/integration/test_loading.py", "tests/spec/test_statuses.py"
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "delivery.manifest": ("tests/unit/test_delivery.py::test_a_manifest_with_defaults",),
    "delivery.complete_from": (f"{STATUSES}::test_a_period_before_the_register_is_not_possible_and_never_zero",),
    "delivery.full": (f"{LOADING}::test_a_full_delivery_becomes_a_snapshot",),
    "delivery.changes": (
        f"{LOADING}::test_changes_put_and_delete_by_key",
        f"{LOADING}::test_a_rejected_update_leaves_the_old_row_standing",
        "tests/generative/test_changes.py::test_a_snapshot_and_changes_are_the_full_delivery_of_what_they_come_to",
    ),
    "delivery.order": (
        f"{LOADING}::test_what_does_not_follow_is_refused_whole",
        f"{LOADING}::test_the_same_content_twice_changes_nothing",
    ),
    "delivery.removals": (f"{LOADING}::test_rows_that_vanish_are_reported_and_accepted_only_when_asked",),
    "snapshot.as_known_on": (f"{LOADING}::test_as_known_on_is_the_newest_delivered_on_or_before_the_day",),
    "snapshot.identity": (f"{LOADING}::test_a_snapshot_has_the_same_id_wherever_it_is_made",),
    "person.pseudonym": (
        "tests/unit/test_pseudonyms.py::test_a_number_becomes_the_first_8_bytes_of_its_hmac_and_keeps_them",
        f"{LOADING}::test_pseudonyms_that_collide_are_refused",
    ),
    "person.key": (
        f"{LOADING}::test_another_key_another_way_of_naming_persons_or_a_key_in_the_store_is_refused",
        f"{LOADING}::test_national_numbers_never_reach_the_store_and_the_key_neither",
    ),
    "person.change": (f"{LOADING}::test_a_changed_number_is_one_person_also_in_what_stood",),
    "delivery.absent_table": (f"{LOADING}::test_the_first_delivery_is_full_and_may_lack_a_table",),
    "person.number_as_pseudonym": (f"{LOADING}::test_national_numbers_are_no_pseudonyms",),
    "intake.mostly_bad": (
        "tests/integration/test_missing.py::test_a_first_delivery_that_is_mostly_bad_is_told_and_not_loaded",
    ),
    "person.not_recorded": (f"{LOADING}::test_what_a_version_does_not_record_is_dropped_unread_and_counted",),
    "version.break": (f"{STATUSES}::test_the_reform_of_september_2018_breaks_the_series_of_ibo",),
    "intake.structural": ("tests/unit/test_intake.py::test_typed_values_have_the_outcome_that_their_texts_have",),
    "intake.warns": (
        "tests/integration/test_rules.py::test_the_planned_end_is_looked_at_and_never_the_actual_one",
        "tests/integration/test_rules.py::test_a_rule_holds_only_for_its_version",
    ),
    "intake.sums": ("tests/integration/test_sums.py::test_the_sum_holds_for_each_kind_of_bad_line",),
    "intake.missing": (f"{LOADING}::test_a_quarantine_delivery_is_corrected_and_loaded",),
    "intake.duplicates": (f"{LOADING}::test_of_equal_rows_one_loads_and_of_different_rows_with_one_key_none",),
    "count.reach": (f"{STATUSES}::test_reach_is_a_share_of_the_list_and_not_of_the_register",),
    "count.so_far": (f"{STATUSES}::test_a_year_that_has_not_ended_is_known_on_its_last_day",),
    "outflow.clock": (f"{STATUSES}::test_the_clock_changes_only_the_words",),
    "outflow.provisional": (f"{STATUSES}::test_a_provisional_rate_uses_only_starters_whose_whole_cohort_is_followed",),
    "status.order": (
        f"{STATUSES}::test_a_form_that_did_not_exist_names_its_successor",
        f"{STATUSES}::test_purpose_comes_before_what_is_not_yet_known",
        f"{STATUSES}::test_nobody_in_the_base_is_said_and_not_divided",
        f"{STATUSES}::test_no_action_in_a_valid_period_is_zero",
    ),
    "status.not_recorded": (f"{STATUSES}::test_a_breakdown_that_a_form_does_not_record_leaves_its_margin_standing",),
    "status.total": (f"{STATUSES}::test_rates_of_different_definitions_have_no_total_and_of_one_definition_have",),
    "status.one_definition": (f"{STATUSES}::test_purpose_comes_before_what_is_not_yet_known",),
    "figure.keys": (f"{STATUSES}::test_every_figure_carries_all_its_keys",),
    "figure.rounding": ("tests/unit/test_text.py::test_a_rate_is_rounded_half_up",),
}
"""Each rule, and its tests as `file::function`."""
