"""What the stage of stories costs, and what a hundred thousand open stories do."""
