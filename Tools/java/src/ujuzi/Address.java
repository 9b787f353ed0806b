package ujuzi;

/** Where a server listens: {@code host:port}, or {@code [v6]:port}. */
record Address(String host, int port) {
  static Address of(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, colon);
      boolean isBracketed = host.startsWith("[") && host.endsWith("]");
      return new Address(
          isBracketed ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(text.substring(colon + 1)));
    } catch (IndexOutOfBoundsException | NumberFormatException error) {
      throw new IllegalArgumentException("not an address with a port: " + text);
    }
  }
}
