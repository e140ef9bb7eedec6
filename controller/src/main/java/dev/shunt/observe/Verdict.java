package dev.shunt.observe;

import java.util.Locale;
import java.util.Optional;

/**
 * Why a connection stands where it stands, in words. Immutable.
 *
 * @param reason that holds it back; {@code NONE} when nothing does
 * @param why one sentence
 * @param summary where it is, why no further, and what would change that
 */
record Verdict(Reason reason, String why, String summary) {

  static Verdict of(ConnectionView connection, Optional<ConnectionView> peer, PolicyFacts facts) {
    Reason reason = effectiveReason(connection, facts);
    String why = why(reason, connection, peer, facts);
    String remedy = remedy(reason, peer, facts);
    String summary = String.join(" ", where(connection, reason), why, remedy).strip();
    return new Verdict(reason, why, summary);
  }

  /** The reason that the kernel gave, or the one that its silence means. */
  private static Reason effectiveReason(ConnectionView connection, PolicyFacts facts) {
    Progress progress = connection.progress();
    if (progress.reason() != Reason.NONE) {
      return progress.reason();
    }
    return switch (progress.step()) {
      case UNPAIRED, PENDING ->
          facts.hostMode().mode() == Mode.OFF ? Reason.POLICY_OFF : Reason.UNPAIRED;
      case PAIRED -> Reason.TOO_YOUNG;
      case ADOPTED -> progress.lastPassReason();
      case LEAVING, LEFT -> progress.lastPassReason();
      case JOINED -> Reason.NONE;
    };
  }

  private static String where(ConnectionView connection, Reason reason) {
    Traffic traffic = connection.traffic();
    String moved =
        String.format(
            Locale.ROOT,
            "%d messages (%d bytes) redirected, %d (%d bytes) by TCP.",
            traffic.messagesRedirected(),
            traffic.bytesRedirected(),
            traffic.messagesPassed(),
            traffic.bytesPassed());
    return switch (connection.progress().step()) {
      case UNPAIRED -> "Plain TCP, not paired.";
      case PENDING -> "Plain TCP; waits for the other end to answer.";
      case PAIRED -> "Paired, but plain TCP.";
      case ADOPTED -> "Adopted, but nothing redirected yet: " + moved;
      case JOINED -> (reason == Reason.NONE ? "Accelerated: " : "Back on TCP: ") + moved;
      case LEAVING -> "Leaving acceleration: " + moved;
      case LEFT -> "Plain TCP again: " + moved;
    };
  }

  private static String why(
      Reason reason, ConnectionView connection, Optional<ConnectionView> peer, PolicyFacts facts) {
    Progress progress = connection.progress();
    return switch (reason) {
      case NONE -> lastPass(connection);
      case POLICY_OFF -> policyOff(facts);
      case OBSERVE_MODE -> observe(facts);
      case TOO_YOUNG -> tooYoung(progress, facts);
      case NO_HOOK -> noHook(facts);
      case KERNEL_REFUSED, BUSY, MAP_FULL -> withErrno(reason, progress);
      case SELF_TEST_FAILED -> selfTest(facts);
      case PEER_NOT_SUITABLE -> peerNotSuitable(peer);
      default -> ReasonText.of(reason).sentence();
    };
  }

  private static String remedy(Reason reason, Optional<ConnectionView> peer, PolicyFacts facts) {
    if (reason == Reason.NONE) {
      return "";
    }
    if (reason == Reason.PEER_NOT_SUITABLE && peerReason(peer) != Reason.NONE) {
      return ReasonText.of(peerReason(peer)).remedy();
    }
    boolean byMode = reason == Reason.POLICY_OFF || reason == Reason.OBSERVE_MODE;
    if (byMode && facts.hostMode().override() != Mode.POLICY) {
      return "Run 'shunt mode policy' to give the decision back to policy, or 'shunt mode"
          + " accelerate'.";
    }
    return ReasonText.of(reason).remedy();
  }

  private static String lastPass(ConnectionView connection) {
    Reason last = connection.progress().lastPassReason();
    return last == Reason.NONE ? "" : "Its last message by TCP: " + ReasonText.of(last).sentence();
  }

  private static String policyOff(PolicyFacts facts) {
    return modeSentence(Mode.OFF, facts)
        .orElse("The mode of the other end is off: both endpoints must allow it.");
  }

  private static String observe(PolicyFacts facts) {
    return modeSentence(Mode.OBSERVE, facts)
            .orElse("The mode of the other end is observe: both endpoints must allow it.")
        + " Nothing is moved in this mode.";
  }

  /** Who set this mode; empty when neither the host nor this endpoint is in it. */
  private static Optional<String> modeSentence(Mode mode, PolicyFacts facts) {
    String name = mode.name().toLowerCase(Locale.ROOT);
    if (facts.hostMode().override() == mode) {
      return Optional.of("'shunt mode' set the host to " + name + ".");
    }
    if (facts.hostMode().mode() == mode) {
      return Optional.of("The host is in mode " + name + ".");
    }
    EndpointStatus endpoint = facts.endpoint();
    return endpoint.mode() == mode
        ? Optional.of(
            "Policy '%s' sets endpoint '%s' to %s."
                .formatted(endpoint.policy(), endpoint.name(), name))
        : Optional.empty();
  }

  private static String tooYoung(Progress progress, PolicyFacts facts) {
    return progress.turns() < facts.adoptTurns()
        ? "It has had %d of the %d request/response turns that adoption asks for."
            .formatted(progress.turns(), facts.adoptTurns())
        : "It has had its %d turns and is adopted with its next packets."
            .formatted(progress.turns());
  }

  private static String noHook(PolicyFacts facts) {
    NamespaceStatus namespace = facts.namespace();
    String cause = namespace.error().isEmpty() ? "" : " (" + namespace.error() + ")";
    return "No adoption hook was attached in network namespace '%s' when it was established%s."
        .formatted(namespace.name(), cause);
  }

  private static String withErrno(Reason reason, Progress progress) {
    String sentence = ReasonText.of(reason).sentence();
    return progress.errno() == 0
        ? sentence
        : sentence + " The kernel said " + ErrnoName.of(progress.errno()) + ".";
  }

  private static String selfTest(PolicyFacts facts) {
    String sentence = ReasonText.of(Reason.SELF_TEST_FAILED).sentence();
    return facts
        .selfTest()
        .firstRequiredFailure()
        .map(check -> sentence + " Check '" + check.name() + "': " + check.detail() + ".")
        .orElse(sentence);
  }

  private static String peerNotSuitable(Optional<ConnectionView> peer) {
    Reason theirs = peerReason(peer);
    return theirs == Reason.NONE
        ? ReasonText.of(Reason.PEER_NOT_SUITABLE).sentence()
        : "This end qualifies, the other one (%s) does not: %s"
            .formatted(
                AddressText.format(peer.orElseThrow().socket().local()),
                ReasonText.of(theirs).sentence());
  }

  private static Reason peerReason(Optional<ConnectionView> peer) {
    Reason theirs = peer.map(p -> p.progress().reason()).orElse(Reason.NONE);
    return theirs == Reason.PEER_NOT_SUITABLE ? Reason.NONE : theirs;
  }
}
