"""Cases with children: figures computed from them, waits for them, what they are told, lists of them, the share of each in the money."""
