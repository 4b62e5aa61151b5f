"""Money of cases: availability, reservation, commitment, payment chain, and what must be refused."""
