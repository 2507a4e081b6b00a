"""From a due feed to raw entries on the entries stream. Imports `config` only."""
