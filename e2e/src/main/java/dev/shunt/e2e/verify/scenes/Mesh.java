package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.PodUser;
import java.util.List;

/** Whose way of capturing a pod's traffic is taken. The proxy is Envoy in each. Immutable. */
enum Mesh {
  /** Istio's istio-iptables in mode REDIRECT. */
  ISTIO("Istio", 1337, 15001, 15006),
  /** Istio's istio-iptables with inbound traffic captured by TPROXY, so that sources survive. */
  ISTIO_TPROXY("Istio TPROXY", 1337, 15001, 15006),
  /** Linkerd's proxy-init. */
  LINKERD("Linkerd", 2102, 4140, 4143),
  /** Kuma's transparent proxy. */
  KUMA("Kuma", 5678, 15001, 15006);

  private final String title;
  private final int uid;
  private final int outboundPort;
  private final int inboundPort;

  Mesh(String title, int uid, int outboundPort, int inboundPort) {
    this.title = title;
    this.uid = uid;
    this.outboundPort = outboundPort;
    this.inboundPort = inboundPort;
  }

  /** For people. */
  String title() {
    return title;
  }

  /** User of the proxy, which the rules leave alone. */
  int uid() {
    return uid;
  }

  /** Where captured outbound connections arrive. */
  int outboundPort() {
    return outboundPort;
  }

  /** Where captured inbound connections arrive. */
  int inboundPort() {
    return inboundPort;
  }

  boolean isTransparent() {
    return this == ISTIO_TPROXY;
  }

  /** Who the proxy runs as: IP_TRANSPARENT and marks need CAP_NET_ADMIN (ip(7)). */
  PodUser user() {
    return new PodUser(uid, isTransparent() ? List.of("net_admin") : List.of());
  }
}
