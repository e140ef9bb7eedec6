package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** The node's API meets clients that are none. Stateless. */
final class ApiFaults {
  private static final int ATTEMPTS = 200;
  private static final int GARBAGE_BYTES = 4096;
  private static final int HALF_OPEN = 64;
  private static final int OVERSIZE_BYTES = 32 << 20;

  /** RFC 9113, section 3.4. */
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private ApiFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "api_garbage",
            ATTEMPTS + " clients of the API that send garbage, before and after HTTP/2's preface",
            ApiFaults::garbage),
        new Fault(
            "api_half_open",
            HALF_OPEN + " clients of the API that say nothing",
            ApiFaults::halfOpen),
        new Fault(
            "api_oversize",
            (OVERSIZE_BYTES >> 20) + " MiB in one frame after another",
            ApiFaults::oversize));
  }

  private static Fault.Outcome garbage(FaultStage stage) {
    Random random = new Random(1);
    for (int i = 0; i < ATTEMPTS; i++) {
      byte[] bytes = new byte[1 + random.nextInt(GARBAGE_BYTES)];
      random.nextBytes(bytes);
      try (SocketChannel client = connect(stage)) {
        if (i % 2 == 0) {
          send(client, PREFACE.getBytes(StandardCharsets.US_ASCII));
        }
        send(client, bytes);
      } catch (IOException e) {
        // the node has closed it already, which is right
      }
    }
    return answersStill(stage);
  }

  private static Fault.Outcome halfOpen(FaultStage stage) {
    for (int i = 0; i < HALF_OPEN; i++) {
      try {
        stage.add(connect(stage));
      } catch (IOException e) {
        throw new SceneException("connect to the node failed: " + e, e);
      }
    }
    return answersStill(stage);
  }

  private static Fault.Outcome oversize(FaultStage stage) {
    byte[] zeros = new byte[1 << 20];
    try (SocketChannel client = connect(stage)) {
      send(client, PREFACE.getBytes(StandardCharsets.US_ASCII));
      for (int sent = 0; sent < OVERSIZE_BYTES; sent += zeros.length) {
        send(client, zeros);
      }
    } catch (IOException e) {
      // refused, which is right
    }
    return answersStill(stage);
  }

  private static SocketChannel connect(FaultStage stage) throws IOException {
    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
    client.connect(UnixDomainSocketAddress.of(stage.node().socket()));
    return client;
  }

  private static void send(SocketChannel client, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      client.write(left);
    }
  }

  private static Fault.Outcome answersStill(FaultStage stage) {
    if (!stage.node().isReady()) {
      throw new SceneException("the node does not answer any more");
    }
    stage.awaitRedirecting();
    return new Fault.Outcome("", 0);
  }
}
