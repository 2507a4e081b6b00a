"""The subscriber's client: articles of a consumer group, each until it was dealt with."""
