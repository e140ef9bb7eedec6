package dev.shunt.agent;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.ConnectDatapath;
import dev.shunt.desired.connect.ConnectCompiler;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectRules;
import dev.shunt.desired.connect.RuleFindings;
import dev.shunt.desired.filter.FailSafe;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps connect policies in force: attaches the programs while there are any, compiles when
 * policies or what their names mean change, and keeps the last good rule set when that fails.
 *
 * <p>{@link #tick} and the ends on the loop thread; the rest any thread.
 */
final class ConnectGuard {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectGuard.class);
  private static final Duration PASS = Duration.ofSeconds(2);

  /**
   * Where the programs go.
   *
   * @param libbpf to load them
   * @param pins directory on a bpffs
   * @param tree cgroup hierarchy
   * @param cgroups covered
   */
  record Place(Libbpf libbpf, Path pins, CgroupTree tree, List<Path> cgroups) {}

  /**
   * What is in force.
   *
   * @param rules in force
   * @param findings about them
   * @param error why they are not those of the policies; empty when they are
   */
  record InForce(ConnectRules rules, List<RuleFindings.Finding> findings, String error) {
    static final InForce NOTHING =
        new InForce(new ConnectRules(List.of(), FailSafe.DEFAULT), List.of(), "");

    InForce {
      findings = List.copyOf(findings);
    }
  }

  private final Place place;
  private final Supplier<List<ConnectPolicy>> policies;
  private final DenialHub hub;
  private final AtomicBoolean requested = new AtomicBoolean(true);
  private @Nullable ConnectDatapath datapath;
  private List<ConnectPolicy> applied = List.of();
  private HostNames names;
  private InForce inForce = InForce.NOTHING;
  private long nextPassNanos = System.nanoTime();
  private boolean knowsLeftOvers;

  ConnectGuard(Place place, Supplier<List<ConnectPolicy>> policies, DenialHub hub) {
    this.place = place;
    this.policies = policies;
    this.hub = hub;
    names = new HostNames(place.tree());
  }

  /** Asks for a pass with the next tick. */
  void request() {
    requested.set(true);
  }

  /** Makes a pass when one is due. */
  void tick() {
    if (requested.getAndSet(false) || System.nanoTime() - nextPassNanos >= 0) {
      pass();
      nextPassNanos = System.nanoTime() + PASS.toNanos();
    }
  }

  private synchronized void pass() {
    List<ConnectPolicy> wanted = policies.get();
    try {
      if (wanted.isEmpty()) {
        stopJudging();
      } else {
        judge(wanted);
      }
    } catch (BpfException | IllegalArgumentException | UncheckedIOException failed) {
      String error =
          failed.getMessage()
              + (datapath == null
                  ? "; no connect rule is in force, retry in 2 s"
                  : "; keeping rule set " + datapath.maps().generation() + ", retry in 2 s");
      if (!error.equals(inForce.error())) {
        LOG.warn("apply connect policies failed: {}", error);
      }
      inForce = new InForce(inForce.rules(), inForce.findings(), error);
    }
  }

  private void stopJudging() {
    ConnectDatapath current = datapath;
    if (current != null) {
      hub.stop();
      current.remove();
      datapath = null;
      LOG.info("no connect policy is left: the programs are detached");
    } else if (!knowsLeftOvers) {
      ConnectDatapath.removeLeftOver(place.libbpf(), place.pins());
    }
    knowsLeftOvers = true;
    applied = List.of();
    inForce = InForce.NOTHING;
  }

  private void judge(List<ConnectPolicy> wanted) {
    ConnectDatapath current = datapath;
    if (current == null) {
      current = ConnectDatapath.open(place.libbpf(), place.pins(), place.tree(), place.cgroups());
      datapath = current;
      knowsLeftOvers = true;
      hub.start(current.maps());
      LOG.info("connect() is judged by the {} hooks", current.rung());
    } else {
      current.repair(place.tree());
    }
    if (wanted.equals(applied) && !names.isStale()) {
      inForce = new InForce(inForce.rules(), inForce.findings(), "");
      return;
    }
    ConnectRules rules = ConnectRules.of(wanted, FailSafe.DEFAULT);
    HostNames now = new HostNames(place.tree());
    ConnectCompiler.Result compiled = ConnectCompiler.compile(rules, now);
    current.maps().replace(compiled.tables());
    applied = wanted;
    names = now;
    List<RuleFindings.Finding> findings = new ArrayList<>(RuleFindings.of(rules));
    findings.addAll(compiled.pending());
    if (!findings.equals(inForce.findings())) {
      findings.forEach(finding -> LOG.warn("connect rule {}: {}", finding.rule(), finding.text()));
    }
    inForce = new InForce(rules, findings, "");
    hub.rules(rules);
    LOG.info(
        "connect rule set {} is in force: {} rules",
        current.maps().generation(),
        rules.rules().size());
  }

  /** What is in force now. */
  synchronized InForce inForce() {
    return inForce;
  }

  /** Something to do with the programs while they are attached. */
  interface Look<T> {
    T at(ConnectDatapath datapath);
  }

  /** Looks at the programs; empty while none is attached. Nothing changes meanwhile. */
  synchronized <T> Optional<T> look(Look<T> look) {
    ConnectDatapath current = datapath;
    return current == null ? Optional.empty() : Optional.of(look.at(current));
  }

  /** Stops, and leaves the rules in force. */
  synchronized void keep() {
    hub.stop();
    if (datapath != null) {
      datapath.keep();
      datapath = null;
    }
  }

  /** Stops, and detaches the programs. */
  synchronized void remove() {
    hub.stop();
    if (datapath != null) {
      datapath.remove();
      datapath = null;
    }
  }
}
