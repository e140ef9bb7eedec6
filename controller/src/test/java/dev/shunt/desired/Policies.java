package dev.shunt.desired;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Builds policies for tests, from one with every default. */
public final class Policies {
  private PolicyName name;
  private HostSelector selector = HostSelector.EVERYTHING;
  private Interception interception = Interception.NONE;
  private Mode mode = Mode.ACCELERATE;
  private PortRules ports = PortRules.ALL;
  private ExecutableRules executables = ExecutableRules.NONE;
  private int minTurns = PolicySpec.MIN_TURNS_DEFAULT;
  private int priority;
  private PolicyOrigin origin = new PolicyOrigin(Instant.MAX, "a.yaml", 1);

  private Policies(PolicyName name) {
    this.name = name;
  }

  /** An Acceleration of the namespace default. */
  public static Policies policy(String name) {
    return new Policies(new PolicyName(PolicyKind.ACCELERATION, "default", name));
  }

  /** Turns it into a ClusterAcceleration. */
  public Policies cluster() {
    name = new PolicyName(PolicyKind.CLUSTER_ACCELERATION, "", name.name());
    return this;
  }

  /** Selects a network namespace too. */
  public Policies netns(String netns) {
    selector = new HostSelector(Optional.of(netns), selector.cgroupPath(), selector.executable());
    return this;
  }

  /** Selects a cgroup too. */
  public Policies cgroup(String path) {
    selector =
        new HostSelector(selector.networkNamespace(), Optional.of(path), selector.executable());
    return this;
  }

  /** Selects an executable too. */
  public Policies executable(String path) {
    selector =
        new HostSelector(selector.networkNamespace(), selector.cgroupPath(), Optional.of(path));
    return this;
  }

  /** Says that outbound traffic is intercepted. */
  public Policies intercepted() {
    interception = Interception.OUTBOUND;
    return this;
  }

  /** Sets the mode. */
  public Policies mode(Mode value) {
    mode = value;
    return this;
  }

  /** Includes one port only. */
  public Policies port(int port) {
    ports = new PortRules(List.of(new PortRange(port, port)), List.of());
    return this;
  }

  /** Exempts an executable. */
  public Policies exempt(String path) {
    executables = new ExecutableRules(List.of(path), executables.force());
    return this;
  }

  /** Forces an executable. */
  public Policies force(String path) {
    executables = new ExecutableRules(executables.exempt(), List.of(path));
    return this;
  }

  /** Sets the turns. */
  public Policies minTurns(int value) {
    minTurns = value;
    return this;
  }

  /** Sets the priority. */
  public Policies priority(int value) {
    priority = value;
    return this;
  }

  /** Sets the time it was created at, in seconds. */
  public Policies createdAt(long seconds) {
    origin = new PolicyOrigin(Instant.ofEpochSecond(seconds), origin.file(), origin.line());
    return this;
  }

  /** Sets where it comes from. */
  public Policies from(String file, int line) {
    origin = new PolicyOrigin(origin.createdAt(), file, line);
    return this;
  }

  /** The policy. */
  public Policy build() {
    return new Policy(
        name,
        new PolicyTarget(selector, interception),
        new PolicySpec(mode, EnumSet.of(EndpointFlag.SAME_POD), ports, executables, minTurns),
        priority,
        origin);
  }
}
