"""Programs that measure nabaa; never run by the tests."""
