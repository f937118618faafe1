"""Answers from outside, recorded once and played again: what workflow tests run on."""
