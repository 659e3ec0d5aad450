"""`packctl admin license`: licenses as those see them who run the registry, and publishers for packs of their own."""
