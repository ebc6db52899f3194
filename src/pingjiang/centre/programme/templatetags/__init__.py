"""Tags and filters of the programme's templates."""
