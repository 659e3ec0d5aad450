"""What a person sees and answers: streams, failures, tables, progress, questions. The only rooms that write to a terminal."""
