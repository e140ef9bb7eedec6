package dev.shunt.e2e.verify.programs.jvm;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * TCP echo and HTTP in Java: {@code JvmPeer KIND server|client HOST PORT PAYLOAD}. The main class
 * of child processes; servers run until they are killed, clients print their facts.
 */
public final class JvmPeer {
  private JvmPeer() {}

  /**
   * Runs a peer.
   *
   * @throws Exception whatever is wrong: the process ends with exit code 1
   */
  public static void main(String[] args) throws Exception {
    InetSocketAddress address = new InetSocketAddress(args[2], Integer.parseInt(args[3]));
    byte[] payload = Files.readAllBytes(Path.of(args[4]));
    boolean serves = args[1].equals("server");
    if (args[0].equals("http")) {
      if (serves) {
        HttpPeer.serve(address, payload);
      } else {
        HttpPeer.ask(address, payload);
      }
      return;
    }
    EchoPeer peer = peer(args[0]);
    if (serves) {
      peer.serve(address);
    } else {
      Conversation conversation = new Conversation(payload);
      peer.ask(address, conversation);
      conversation.print();
      System.exit(0); // event loops keep threads
    }
  }

  private static EchoPeer peer(String kind) {
    return switch (kind) {
      case "blocking", "timeout", "available" -> new StreamPeer(kind);
      case "nio" -> new SelectorPeer();
      case "netty-nio", "netty-epoll" -> new NettyPeer(kind);
      default -> throw new IllegalArgumentException("kind: " + kind);
    };
  }
}
