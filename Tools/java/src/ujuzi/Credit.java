package ujuzi;

/** Credit in one direction, in bytes. A beginning of 0 means that nothing is counted. */
final class Credit {
  private final long beginning;
  private long left;
  private long unreturned;

  Credit(int beginning) {
    this.beginning = Integer.toUnsignedLong(beginning);
    this.left = this.beginning;
  }

  boolean isOpen() {
    return beginning == 0 || left > 0;
  }

  void take(int length) {
    if (beginning > 0) {
      left -= length;
    }
  }

  /** Adds what the other side gave. False: it is more than may be held. */
  boolean add(int given, long max) {
    left += Integer.toUnsignedLong(given);
    return left <= max;
  }

  /** The credit to give back now: nothing until it is a quarter of the beginning. */
  int consumed(int length) {
    if (beginning == 0) {
      return 0;
    }
    unreturned += length;
    if (unreturned == 0 || unreturned < beginning / 4) {
      return 0;
    }
    int given = (int) unreturned;
    left += unreturned;
    unreturned = 0;
    return given;
  }
}
