package dev.shunt.cli;

import com.google.protobuf.ByteString;
import dev.shunt.v1.Reason;
import dev.shunt.v1.Side;
import dev.shunt.v1.TapEnd;
import dev.shunt.v1.TapPiece;
import dev.shunt.v1.TapTotals;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** A tap as lines: one a message for people, one a piece for scripts. Not thread safe. */
final class TapLines implements TapOutput {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneId.systemDefault());

  private static final int SHOWN_BYTES = 64;

  private final Output out;
  private long lost;

  TapLines(Output out) {
    this.out = out;
  }

  @Override
  public boolean piece(TapPiece piece) {
    if (!out.isText()) {
      return out.item(MessageTree.of(piece), "");
    }
    return piece.getOffsetBytes() > 0 || out.item(Map.of(), text(piece));
  }

  private String text(TapPiece piece) {
    Instant time = Instant.ofEpochSecond(piece.getTime().getSeconds(), piece.getTime().getNanos());
    String line =
        "%s  #%d %s  %8s  %s%s%n"
            .formatted(
                CLOCK.format(time),
                piece.getConnection(),
                ends(piece),
                Units.bytes(piece.getMessageBytes()),
                escaped(piece.getPayload()),
                piece.getReason() == Reason.REASON_NONE
                    ? ""
                    : out.paint().warning("  by TCP: " + Names.of(piece.getReason())));
    return loss(piece.getLostMessages()) + line;
  }

  private String loss(long lostNow) {
    long fresh = lostNow - lost;
    lost = lostNow;
    return fresh <= 0 ? "" : out.paint().warning("%d messages lost here%n".formatted(fresh));
  }

  private static String ends(TapPiece piece) {
    TapEnd client = piece.getClient();
    String caller = Addresses.join(client.getLocalAddress(), client.getLocalPort());
    String called = Addresses.join(client.getRemoteAddress(), client.getRemotePort());
    return piece.getSender() == Side.SIDE_ACTIVE
        ? caller + " -> " + called
        : called + " -> " + caller;
  }

  /** The first bytes, in ASCII: nothing that a terminal would take for a command. */
  static String escaped(ByteString payload) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(payload.size(), SHOWN_BYTES); i++) {
      int value = payload.byteAt(i) & 0xff;
      switch (value) {
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\\' -> text.append("\\\\");
        default -> {
          boolean printable = value >= ' ' && value < 0x7f;
          text.append(printable ? String.valueOf((char) value) : "\\x%02x".formatted(value));
        }
      }
    }
    return text + (payload.size() > SHOWN_BYTES ? "..." : "");
  }

  @Override
  public boolean totals(TapTotals totals) {
    return !out.writer().checkError();
  }

  @Override
  public void finish(TapTotals totals) {
    out.writer().flush();
  }

  @Override
  public void close() {}
}
