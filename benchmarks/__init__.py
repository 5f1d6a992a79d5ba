"""Questions about speed, each a module with its question and its last answer; `make bench` asks them all."""
