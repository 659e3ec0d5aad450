"""From a lock to files in the project: plan, fetch, store, stage and one journalled swap."""
