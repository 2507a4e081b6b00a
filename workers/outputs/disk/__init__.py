"""Files that outlive crashes: folders with one owner, frames of damaged files."""
