package dev.shunt.observe.http;

/** Bytes that go at once. */
final class Piece {
  private final Way way;
  private final byte[] bytes;

  Piece(Way way, byte[] bytes) {
    this.way = way;
    this.bytes = bytes;
  }

  /** As the server sees it. */
  Way way() {
    return way;
  }

  byte[] bytes() {
    return bytes;
  }
}
