"""What polling costs: `python -m bench.polling`."""
