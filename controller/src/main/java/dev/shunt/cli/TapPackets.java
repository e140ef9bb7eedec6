package dev.shunt.cli;

import dev.shunt.v1.Reason;
import dev.shunt.v1.Side;
import dev.shunt.v1.TapEnd;
import dev.shunt.v1.TapPiece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pieces of messages as the TCP segments that would have carried them. The addresses are those that
 * the client sees, in both directions. Sequence numbers count from 1 at the first byte that the tap
 * sees of a direction; a handshake made up in front of it says who is the client and keeps a port
 * that is used again apart. Not thread safe.
 */
final class TapPackets {
  /** Most payload of an IPv4 packet with 20 bytes of TCP header, and of an IPv6 one. */
  private static final int SEGMENT_BYTES_MAX = 65535 - 20 - 20;

  private static final int CONVERSATIONS_MAX = 65536;

  private final PcapngWriter file;
  private final Map<Long, Conversation> conversations =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Conversation> eldest) {
          return size() > CONVERSATIONS_MAX;
        }
      };
  private long lostBefore;

  TapPackets(PcapngWriter file) {
    this.file = file;
  }

  /** The two streams of a connection. */
  private static final class Conversation {
    final Stream client = new Stream();
    final Stream server = new Stream();

    Stream of(Side side) {
      return side == Side.SIDE_ACTIVE ? client : server;
    }

    Stream against(Side side) {
      return side == Side.SIDE_ACTIVE ? server : client;
    }
  }

  /** What one end sends. */
  private static final class Stream {
    private boolean begun;
    private int base;

    /** What the other end has got, were all of it delivered. */
    int next = 1;

    int position(TapPiece piece) {
      if (!begun) {
        begun = true;
        base = piece.getSequence();
      }
      return piece.getSequence() - base + 1 + piece.getOffsetBytes();
    }

    void reach(int end) {
      if (end - next > 0) {
        next = end;
      }
    }
  }

  /** Writes what a piece says. */
  void write(TapPiece piece) throws IOException {
    Instant time = Instant.ofEpochSecond(piece.getTime().getSeconds(), piece.getTime().getNanos());
    Conversation conversation = conversations.get(piece.getConnection());
    if (conversation == null) {
      conversation = new Conversation();
      conversations.put(piece.getConnection(), conversation);
      greet(piece, time);
    }
    Side sender = piece.getSender();
    Stream stream = conversation.of(sender);
    int position = stream.position(piece);
    int acknowledged = conversation.against(sender).next;
    ByteBuffer payload = piece.getPayload().asReadOnlyByteBuffer();
    int left = piece.getPieceBytes();
    while (left > 0) {
      int length = Math.min(left, SEGMENT_BYTES_MAX);
      left -= length;
      ByteBuffer shown = payload.slice(payload.position(), Math.min(length, payload.remaining()));
      payload.position(payload.position() + shown.remaining());
      boolean last = left == 0 && end(piece) == piece.getMessageBytes();
      int flags = TcpSegment.ACK | (last ? TcpSegment.PSH : 0);
      put(
          new TcpSegment(position, acknowledged, flags, length, shown),
          piece,
          new PcapngWriter.Note(time, lost(piece), comment(piece)));
      position += length;
    }
    stream.reach(position);
    file.flush();
  }

  private static int end(TapPiece piece) {
    return piece.getOffsetBytes() + piece.getPieceBytes();
  }

  private long lost(TapPiece piece) {
    long fresh = piece.getLostMessages() - lostBefore;
    lostBefore = piece.getLostMessages();
    return fresh;
  }

  private static String comment(TapPiece piece) {
    return piece.getReason() == Reason.REASON_NONE ? "" : "by TCP: " + Names.of(piece.getReason());
  }

  private void put(TcpSegment segment, TapPiece piece, PcapngWriter.Note note) throws IOException {
    TapEnd client = piece.getClient();
    ByteBuffer packet =
        piece.getSender() == Side.SIDE_ACTIVE
            ? segment.packet(TcpSegment.Address.local(client), TcpSegment.Address.remote(client))
            : segment.packet(TcpSegment.Address.remote(client), TcpSegment.Address.local(client));
    file.packet(packet, packet.remaining() + segment.missing(), note);
  }

  private void greet(TapPiece first, Instant time) throws IOException {
    TapEnd server = first.getServer();
    PcapngWriter.Note note =
        new PcapngWriter.Note(
            time,
            0,
            "made up: the tap saw this connection first here; cookies %s and %s; accepted by %s from %s"
                .formatted(
                    Long.toUnsignedString(first.getClient().getCookie()),
                    Long.toUnsignedString(server.getCookie()),
                    Addresses.join(server.getLocalAddress(), server.getLocalPort()),
                    Addresses.join(server.getRemoteAddress(), server.getRemotePort())));
    TapPiece fromClient = first.toBuilder().setSender(Side.SIDE_ACTIVE).build();
    TapPiece fromServer = first.toBuilder().setSender(Side.SIDE_PASSIVE).build();
    put(TcpSegment.bare(0, 0, TcpSegment.SYN), fromClient, note);
    put(TcpSegment.bare(0, 1, TcpSegment.SYN | TcpSegment.ACK), fromServer, note);
    put(TcpSegment.bare(1, 1, TcpSegment.ACK), fromClient, note);
  }
}
