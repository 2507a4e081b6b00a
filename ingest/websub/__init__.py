"""Push by WebSub (https://www.w3.org/TR/websub/): hubs tell of news, polling is the safety net."""
