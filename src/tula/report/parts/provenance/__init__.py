"""Where the numbers come from: study, world, versions, and the proof of every solve."""
