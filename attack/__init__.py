"""Attacks from outside: releases that nobody asked for, kills, and deliveries that nobody meant."""
