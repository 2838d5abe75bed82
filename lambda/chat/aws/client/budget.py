"""How many requests may leave: a bucket of tokens whose rate gives way when the service throttles."""

# How often the rate follows the replies; and what it regains, as a part of the whole, where none was throttled.
_ROUND_S = 0.1
# Fewer replies say more about single receivers than about the account.
_ROUND_REPLIES = 20
_INCREASE = 0.05
# Requests must go on leaving, or nothing would show that the service has room again.
_LEAST = 0.02


class RequestBudget:
    """A share of an account's requests, and what is left of it while others use the account as well.

    Additive increase, multiplicative decrease: a round of nothing but 429 halves the rate, and a round with some
    lowers it by their part of a half. One receiver that can't keep up, which API Gateway answers with the same
    429, hardly slows down a thousand others.

    Attributes:
        rate: requests a second, at this time.
    """

    def __init__(self, requests_per_second: float, *, burst: float) -> None:
        self.rate = self._full_rate = requests_per_second
        self._tokens = self._burst = burst
        self._filled_at_s = 0.0
        self._round_began_s = 0.0
        self._replies = self._throttled = 0

    def reserve(self, now_s: float) -> float:
        """Take a token, even one that is not there yet.

        Returns:
            How long to wait for it, in seconds.
        """
        self._tokens = min(self._burst, self._tokens + (now_s - self._filled_at_s) * self.rate) - 1
        self._filled_at_s = now_s
        return max(0.0, -self._tokens / self.rate)

    def give_back(self) -> None:
        """Give back a token that was reserved and is not used."""
        self._tokens += 1

    def note_reply(self, now_s: float, *, is_throttled: bool) -> None:
        """Take a reply into account."""
        if not self._replies:
            self._round_began_s = now_s
        self._replies += 1
        self._throttled += is_throttled
        if now_s - self._round_began_s < _ROUND_S or self._replies < _ROUND_REPLIES:
            return
        if self._throttled:
            self.rate *= 1 - self._throttled / self._replies / 2
        else:
            self.rate += self._full_rate * _INCREASE
        self.rate = min(max(self.rate, self._full_rate * _LEAST), self._full_rate)
        self._replies = self._throttled = 0
