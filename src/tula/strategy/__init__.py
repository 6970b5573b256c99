"""What the players choose: best policies, games among states, sanctions."""
