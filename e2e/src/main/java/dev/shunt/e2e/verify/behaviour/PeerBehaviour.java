package dev.shunt.e2e.verify.behaviour;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One case of the C peers, whose sockets are both ends of its connections. Immutable.
 *
 * <p>Every case runs in six of the eighteen variants, chosen so that each address family meets both
 * I/O modes, each I/O mode meets all three routes, and each case sees every family, mode and route.
 */
final class PeerBehaviour implements BehaviourCase {
  /** Each family with each mode, and each mode with each route. */
  static final List<PeerVariant> COVERING =
      PeerVariant.parseList(
          "v4/nonblock/loopback,v6/nonblock/redirected,mapped/nonblock/cross,"
              + "v6/block/loopback,mapped/block/redirected,v4/block/cross");

  /** Cases that plain TCP itself cannot do through REDIRECT, with the reason. */
  static final Map<String, String> NOT_REDIRECTED =
      Map.of("md5_signature", "the signature covers the ports, which REDIRECT rewrites");

  private final PeerCase peer;
  private final PeerRun runs;

  PeerBehaviour(PeerCase peer, PeerRun runs) {
    this.peer = peer;
    this.runs = runs;
  }

  @Override
  public String name() {
    return peer.name();
  }

  @Override
  public String summary() {
    return peer.summary();
  }

  @Override
  public List<String> variants() {
    return COVERING.stream()
        .map(variant -> isPossible(variant) ? variant : variant.over(PeerVariant.Route.LOOPBACK))
        .map(PeerVariant::toString)
        .toList();
  }

  @Override
  public boolean hasVariant(String variant) {
    return PeerVariant.isVariant(variant) && isPossible(PeerVariant.parse(variant));
  }

  private boolean isPossible(PeerVariant variant) {
    return variant.route() != PeerVariant.Route.REDIRECTED
        || !NOT_REDIRECTED.containsKey(peer.name());
  }

  @Override
  public Expectation expectation(String variant) {
    return PeerVariant.parse(variant).mode() == PeerVariant.Mode.BLOCK
        ? peer.whenBlocking()
        : peer.expectation();
  }

  @Override
  public Observations observe(String variant, CaseStage stage) {
    return runs.run(stage, peer.name(), PeerVariant.parse(variant), List.of());
  }

  @Override
  public Optional<String> deviation(List<String> differences) {
    return Deviations.explain(peer.name(), differences);
  }
}
