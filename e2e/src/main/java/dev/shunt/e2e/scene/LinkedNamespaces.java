package dev.shunt.e2e.scene;

import static dev.shunt.e2e.scene.PodNetwork.inside;
import static dev.shunt.e2e.scene.PodNetwork.ip;
import static dev.shunt.e2e.scene.PodNetwork.sysctl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two network namespaces with any number of veth pairs between them, {@code s-NAME} in the sender
 * and {@code r-NAME} in the receiver. No IPv6, so that nothing but the test sends. One thread;
 * {@link #close} removes all of it.
 */
public final class LinkedNamespaces implements AutoCloseable {
  private final String sender;
  private final String receiver;

  private LinkedNamespaces(String prefix) {
    sender = prefix + "-sender";
    receiver = prefix + "-receiver";
  }

  /**
   * Makes them.
   *
   * @param prefix start of both names, unique on this host
   * @param address IPv4 address of the receiver, whichever way its packets come
   */
  public static LinkedNamespaces create(String prefix, String address) {
    LinkedNamespaces made = new LinkedNamespaces(prefix);
    try {
      for (String namespace : List.of(made.sender, made.receiver)) {
        SceneCommand.run(List.of(SceneRequirements.program("ip"), "netns", "add", namespace));
        sysctl(namespace, "net.ipv6.conf.default.disable_ipv6=1");
      }
      sysctl(made.receiver, "net.ipv4.conf.all.rp_filter=0"); // no way leads back
      sysctl(made.receiver, "net.ipv4.conf.default.rp_filter=0");
      ip(made.receiver, "link", "set", "lo", "up");
      ip(made.receiver, "address", "add", address + "/32", "dev", "lo");
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /**
   * Joins them once more.
   *
   * @param mac of the receiver's end
   */
  public void link(String name, String mac) {
    String end = "r-" + name;
    ip(sender, "link", "add", "s-" + name, "type", "veth", "peer", "name", end, "netns", receiver);
    ip(receiver, "link", "set", end, "address", mac, "up");
    ip(sender, "link", "set", "s-" + name, "up");
  }

  /** The sender's file below /run/netns. */
  public Path sender() {
    return PodNetwork.NAMESPACES.resolve(sender);
  }

  /** The receiver's file below /run/netns. */
  public Path receiver() {
    return PodNetwork.NAMESPACES.resolve(receiver);
  }

  /**
   * Runs a program in the receiver and returns what it printed.
   *
   * @param input for its standard input
   * @throws SceneException when it fails
   */
  public String inReceiver(String program, List<String> arguments, String input) {
    List<String> argv = new ArrayList<>(List.of(SceneRequirements.program(program)));
    argv.addAll(arguments);
    return SceneCommand.runWithInput(inside(receiver, argv), input);
  }

  @Override
  public void close() {
    PodNetwork.delete(sender);
    PodNetwork.delete(receiver);
  }
}
