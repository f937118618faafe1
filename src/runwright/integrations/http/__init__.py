"""The one way to the outside: every request of the product passes the guard of this folder."""
