"""What is drawn: animals, people, monsters, landscapes, things. Tables of functions and values; nothing is drawn on import."""
