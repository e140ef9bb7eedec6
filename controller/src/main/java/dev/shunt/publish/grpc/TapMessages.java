package dev.shunt.publish.grpc;

import com.google.protobuf.ByteString;
import dev.shunt.observe.AddressText;
import dev.shunt.observe.TapPiece;
import dev.shunt.observe.TapQuery;
import dev.shunt.observe.TapTotals;
import dev.shunt.v1.TapEnd;
import dev.shunt.v1.WatchTapRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;

/** Taps as messages, and what callers ask of them, checked. Stateless. */
final class TapMessages {
  private static final int PORT_MAX = 65535;
  private static final int SAMPLE_MAX = 1_000_000;
  private static final int SNAP_BYTES_DEFAULT = 256 << 10;
  private static final int BUFFER_BYTES_DEFAULT = 8 << 20;
  private static final Duration DURATION_MAX = Duration.ofHours(24);

  private TapMessages() {}

  /**
   * The query.
   *
   * @throws StatusRuntimeException INVALID_ARGUMENT with the field, its value and its bound
   */
  static TapQuery query(WatchTapRequest request) {
    return new TapQuery(
        new TapQuery.Filter(
            bounded("port", request.getPort(), 0, PORT_MAX),
            request.getCookie(),
            request.getNamespace(),
            request.getCgroup(),
            request.getExecutable()),
        new TapQuery.Volume(
            bounded("sample", request.getSample(), 0, SAMPLE_MAX),
            request.getSnapBytes() == 0
                ? SNAP_BYTES_DEFAULT
                : bounded("snap_bytes", request.getSnapBytes(), 1, TapQuery.SNAP_BYTES_MAX),
            request.getBufferBytes() == 0
                ? BUFFER_BYTES_DEFAULT
                : powerOfTwo(
                    bounded(
                        "buffer_bytes",
                        request.getBufferBytes(),
                        TapQuery.BUFFER_BYTES_MIN,
                        TapQuery.BUFFER_BYTES_MAX))),
        request.hasDuration() ? duration(request.getDuration()) : Duration.ZERO);
  }

  private static int bounded(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw invalid(field, Integer.toUnsignedString(value), least + ".." + most);
    }
    return value;
  }

  private static int powerOfTwo(int bytes) {
    int floor = Integer.highestOneBit(bytes);
    return floor == bytes ? bytes : floor * 2;
  }

  private static Duration duration(com.google.protobuf.Duration message) {
    Duration duration =
        Duration.ofSeconds(
            Math.max(-1, Math.min(message.getSeconds(), DURATION_MAX.toSeconds() + 1)),
            message.getNanos());
    if (duration.isZero() || duration.isNegative() || duration.compareTo(DURATION_MAX) > 0) {
      throw invalid("duration", duration.toMillis() / 1e3 + " s", "more than 0, up to 24 h");
    }
    return duration;
  }

  private static StatusRuntimeException invalid(String field, String value, String bound) {
    return Status.INVALID_ARGUMENT
        .withDescription(field + ": " + value + " (expected: " + bound + ")")
        .asRuntimeException();
  }

  static dev.shunt.v1.TapPiece piece(TapPiece piece) {
    TapPiece.Extent extent = piece.extent();
    return dev.shunt.v1.TapPiece.newBuilder()
        .setTime(Times.toProto(piece.time()))
        .setConnection(piece.connection().number())
        .setClient(end(piece.connection().client()))
        .setServer(end(piece.connection().server()))
        .setSender(Enums.toProto(piece.sender()))
        .setSequence(extent.sequence())
        .setMessageBytes(extent.messageBytes())
        .setOffsetBytes(extent.offsetBytes())
        .setPieceBytes(extent.bytes())
        .setPayload(ByteString.copyFrom(piece.payload()))
        .setReason(Enums.toProto(piece.reason()))
        .setLostMessages(piece.lostMessages())
        .build();
  }

  private static TapEnd end(TapPiece.TapEnd end) {
    return TapEnd.newBuilder()
        .setCookie(end.cookie())
        .setNamespace(end.namespace())
        .setLocalAddress(AddressText.format(end.local().getAddress()))
        .setLocalPort(end.local().getPort())
        .setRemoteAddress(AddressText.format(end.remote().getAddress()))
        .setRemotePort(end.remote().getPort())
        .build();
  }

  static dev.shunt.v1.TapTotals totals(TapTotals totals) {
    return dev.shunt.v1.TapTotals.newBuilder()
        .setMessages(totals.messages())
        .setBytes(totals.bytes())
        .setLostMessages(totals.lostMessages())
        .setLostBytes(totals.lostBytes())
        .setSampledOut(totals.sampledOut())
        .build();
  }
}
