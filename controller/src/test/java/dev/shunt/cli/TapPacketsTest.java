package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.shunt.v1.Reason;
import dev.shunt.v1.Side;
import dev.shunt.v1.TapEnd;
import dev.shunt.v1.TapPiece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets as they are in the file. TapIT lets tshark read them. */
class TapPacketsTest {
  private static final int PACKET = 6;
  private static final int HEADERS = 40;

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  private record Packet(int captured, int length, ByteBuffer bytes, String options) {
    int sequence() {
      return bytes.getInt(24);
    }

    int acknowledged() {
      return bytes.getInt(28);
    }

    int flags() {
      return bytes.get(33);
    }

    int sourcePort() {
      return Short.toUnsignedInt(bytes.getShort(20));
    }
  }

  private static TapPiece.Builder piece(Side sender, int sequence, String payload) {
    TapEnd.Builder client =
        TapEnd.newBuilder()
            .setCookie(7)
            .setLocalAddress("10.0.0.1")
            .setLocalPort(40000)
            .setRemoteAddress("10.0.0.2")
            .setRemotePort(80);
    return TapPiece.newBuilder()
        .setTime(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(5))
        .setConnection(1)
        .setClient(client)
        .setServer(TapEnd.newBuilder().setLocalAddress("10.0.0.2").setLocalPort(15001))
        .setSender(sender)
        .setSequence(sequence)
        .setMessageBytes(payload.length())
        .setPieceBytes(payload.length())
        .setPayload(ByteString.copyFromUtf8(payload));
  }

  private List<Packet> packets(TapPiece.Builder... pieces) throws IOException {
    TapPackets packets = new TapPackets(new PcapngWriter(file, "test"));
    for (TapPiece.Builder piece : pieces) {
      packets.write(piece.build());
    }
    List<Packet> found = new ArrayList<>();
    ByteBuffer blocks = ByteBuffer.wrap(file.toByteArray()).order(ByteOrder.nativeOrder());
    while (blocks.hasRemaining()) {
      int at = blocks.position();
      int length = blocks.getInt(at + 4);
      assertThat(blocks.getInt(at + length - 4)).isEqualTo(length);
      if (blocks.getInt(at) == PACKET) {
        found.add(packet(blocks, at, length));
      }
      blocks.position(at + length);
    }
    return found;
  }

  private static Packet packet(ByteBuffer blocks, int at, int length) {
    int captured = blocks.getInt(at + 20);
    int padded = (captured + 3) & ~3;
    byte[] options = new byte[length - 32 - padded];
    blocks.get(at + 28 + padded, options);
    return new Packet(
        captured,
        blocks.getInt(at + 24),
        blocks.slice(at + 28, captured),
        new String(options, StandardCharsets.ISO_8859_1));
  }

  @Test
  void conversation_bothWays_countsAndAcknowledges() throws IOException {
    List<Packet> packets =
        packets(
            piece(Side.SIDE_ACTIVE, -3, "request"),
            piece(Side.SIDE_PASSIVE, 500, "answer"),
            piece(Side.SIDE_ACTIVE, 4, "next"));

    assertThat(packets).extracting(Packet::flags).containsExactly(2, 18, 16, 24, 24, 24);
    assertThat(packets).extracting(Packet::sequence).containsExactly(0, 0, 1, 1, 1, 8);
    assertThat(packets).extracting(Packet::acknowledged).containsExactly(0, 1, 1, 1, 8, 7);
    assertThat(packets)
        .extracting(Packet::sourcePort)
        .containsExactly(40000, 80, 40000, 40000, 80, 40000);
    assertThat(packets.get(0).options()).contains("made up", "accepted by 10.0.0.2:15001");
  }

  @Test
  void segment_whole_hasRightChecksums() throws IOException {
    ByteBuffer bytes = packets(piece(Side.SIDE_ACTIVE, 1, "odd")).get(3).bytes();

    assertThat(sum(bytes, 0, 20)).isEqualTo(0xffff);
    int pseudo = sum(bytes, 12, 20) + 6 + bytes.limit() - 20;
    assertThat(fold(pseudo + sum(bytes, 20, bytes.limit()))).isEqualTo(0xffff);
  }

  private static int sum(ByteBuffer bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i += 2) {
      sum += (bytes.get(i) & 0xff) * 256 + (i + 1 < to ? bytes.get(i + 1) & 0xff : 0);
    }
    return fold(sum);
  }

  private static int fold(int sum) {
    return sum < 0x10000 ? sum : fold((sum & 0xffff) + (sum >>> 16));
  }

  @Test
  void message_cutAndLong_isSplitAndKeepsItsLength() throws IOException {
    TapPiece.Builder cut =
        piece(Side.SIDE_ACTIVE, 1, "begin").setMessageBytes(100_000).setPieceBytes(100_000);

    List<Packet> packets = packets(cut).subList(3, 5);

    assertThat(packets).extracting(Packet::captured).containsExactly(HEADERS + 5, HEADERS);
    assertThat(packets.stream().mapToInt(p -> p.length() - HEADERS).sum()).isEqualTo(100_000);
    assertThat(packets.get(1).sequence()).isEqualTo(1 + packets.get(0).length() - HEADERS);
    assertThat(packets).extracting(Packet::length).allMatch(length -> length <= 65535);
  }

  @Test
  void message_byTcpAndAfterLoss_saysSo() throws IOException {
    List<Packet> packets =
        packets(
            piece(Side.SIDE_ACTIVE, 1, "a"),
            piece(Side.SIDE_ACTIVE, 9, "b")
                .setLostMessages(3)
                .setReason(Reason.REASON_BACK_PRESSURE));

    assertThat(packets.get(3).options()).doesNotContain("by TCP");
    assertThat(packets.get(4).options()).contains("by TCP: back_pressure").contains("\4\0\b\0\3\0");
    assertThat(packets.get(4).sequence()).isEqualTo(9);
  }
}
