"""`python -m nabaa` is the command `nabaa`."""

from nabaa.main import main

main()
