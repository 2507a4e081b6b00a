"""The stage behind the articles stream: places each article in its story, and tells of stories."""
