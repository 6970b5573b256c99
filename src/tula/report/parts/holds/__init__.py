"""What can be done beforehand: lowering exposures, and hedges."""
