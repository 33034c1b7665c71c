"""What every process reads from its surroundings: settings and logs. It knows no part of ours."""
