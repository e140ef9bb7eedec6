package dev.shunt.publish.grpc;

import dev.shunt.observe.AddressText;
import dev.shunt.observe.ErrnoName;
import dev.shunt.observe.trace.FastOpen;
import dev.shunt.observe.trace.TcpChange;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.v1.TraceCloser;
import dev.shunt.v1.TraceConnect;
import dev.shunt.v1.TraceFastOpen;
import dev.shunt.v1.TraceHandshake;
import dev.shunt.v1.TraceNotice;
import dev.shunt.v1.TraceOutcome;
import dev.shunt.v1.TraceProfile;
import dev.shunt.v1.TraceRoundTrips;
import dev.shunt.v1.TraceSocket;
import dev.shunt.v1.TraceStack;
import dev.shunt.v1.TraceStateChange;
import dev.shunt.v1.TraceTotals;
import java.time.Duration;

/** Traces as messages. Stateless. */
final class TraceMessages {
  private static final long MICRO = 1000;

  private TraceMessages() {}

  static dev.shunt.v1.TraceEvent event(TraceEvent event) {
    dev.shunt.v1.TraceEvent.Builder message = dev.shunt.v1.TraceEvent.newBuilder();
    if (event instanceof TraceEvent.Totals totals) {
      message.setTotals(totals(totals));
    } else if (event instanceof TraceEvent.Connect connect) {
      message.setConnect(connect(connect));
    } else if (event instanceof TraceEvent.StateChange change) {
      message.setState(change(change));
    } else if (event instanceof TraceEvent.RoundTrips roundTrips) {
      message.setRtt(roundTrips(roundTrips));
    } else if (event instanceof TraceEvent.Handshake handshake) {
      message.setFastopen(handshake(handshake));
    } else if (event instanceof TraceEvent.Profile profile) {
      message.setProfile(profile(profile));
    } else if (event instanceof TraceEvent.Http http) {
      message.setHttp(HttpMessages.http(http));
    } else if (event instanceof TraceEvent.Notice notice) {
      message.setNotice(TraceNotice.newBuilder().setText(notice.text()));
    } else if (event instanceof TraceEvent.Collection collection) {
      message.setJvm(CodeMessages.collection(collection));
    } else if (event instanceof TraceEvent.Tls tls) {
      message.setTls(CodeMessages.tls(tls));
    }
    return message.build();
  }

  private static TraceTotals totals(TraceEvent.Totals totals) {
    return TraceTotals.newBuilder()
        .setHook(totals.hook())
        .setMatched(totals.matched())
        .setLost(totals.lost())
        .setShed(totals.shed())
        .setUntracked(totals.untracked())
        .setUnread(totals.unread())
        .setSkipped(totals.skipped())
        .setEnded(totals.ended())
        .build();
  }

  static TraceSocket.Builder place(TraceEvent.Place place) {
    return TraceSocket.newBuilder()
        .setNamespace(place.namespace())
        .setWorkload(place.workload())
        .setCgroup(place.cgroup());
  }

  static TraceSocket socket(TraceEvent.Subject subject) {
    return place(subject.place())
        .setLocalAddress(AddressText.format(subject.local().getAddress()))
        .setLocalPort(subject.local().getPort())
        .setRemoteAddress(AddressText.format(subject.remote().getAddress()))
        .setRemotePort(subject.remote().getPort())
        .setPid(subject.actor().pid())
        .setCommand(subject.actor().command())
        .build();
  }

  private static TraceConnect connect(TraceEvent.Connect connect) {
    TraceEvent.ConnectOutcome outcome = connect.outcome();
    return TraceConnect.newBuilder()
        .setTime(Times.toProto(connect.time()))
        .setSocket(socket(connect.subject()))
        .setLatency(Times.toProto(connect.latency()))
        .setOutcome(outcome(outcome))
        .setErrnoValue(outcome.errnoValue())
        .setErrnoName(ErrnoName.name(outcome.errnoValue()))
        .build();
  }

  private static TraceOutcome outcome(TraceEvent.ConnectOutcome outcome) {
    if (outcome.established()) {
      return TraceOutcome.TRACE_OUTCOME_ESTABLISHED;
    }
    return outcome.errnoValue() == 0
        ? TraceOutcome.TRACE_OUTCOME_ABANDONED
        : TraceOutcome.TRACE_OUTCOME_FAILED;
  }

  private static TraceStateChange change(TraceEvent.StateChange change) {
    TraceStateChange.Builder message =
        TraceStateChange.newBuilder()
            .setTime(Times.toProto(change.time()))
            .setSocket(socket(change.subject()))
            .setSocketId(change.socketId())
            .setOldState(change.change().from().name())
            .setNewState(change.change().to().name())
            .setCloser(closer(change.change().closer()));
    change.inState().ifPresent(inState -> message.setInState(Times.toProto(inState)));
    return message.build();
  }

  private static TraceCloser closer(TcpChange.Closer closer) {
    return switch (closer) {
      case NOBODY -> TraceCloser.TRACE_CLOSER_NOBODY;
      case LOCAL -> TraceCloser.TRACE_CLOSER_LOCAL;
      case REMOTE -> TraceCloser.TRACE_CLOSER_REMOTE;
      case REMOTE_RESET -> TraceCloser.TRACE_CLOSER_REMOTE_RESET;
      case LOCAL_ABORT -> TraceCloser.TRACE_CLOSER_LOCAL_ABORT;
      case TIMEOUT -> TraceCloser.TRACE_CLOSER_TIMEOUT;
    };
  }

  private static TraceRoundTrips roundTrips(TraceEvent.RoundTrips roundTrips) {
    TraceEvent.Histogram histogram = roundTrips.histogram();
    return TraceRoundTrips.newBuilder()
        .setTime(Times.toProto(roundTrips.time()))
        .setPair(
            place(roundTrips.place())
                .setLocalAddress(AddressText.format(roundTrips.local()))
                .setRemoteAddress(AddressText.format(roundTrips.remote())))
        .setCount(histogram.count())
        .setMean(Times.toProto(histogram.mean()))
        .setLeast(micros(histogram.leastMicros()))
        .setMost(micros(histogram.mostMicros()))
        .addAllBuckets(histogram.buckets())
        .setMessagesRedirected(roundTrips.redirected().messages())
        .setBytesRedirected(roundTrips.redirected().bytes())
        .build();
  }

  private static com.google.protobuf.Duration micros(long micros) {
    return Times.toProto(Duration.ofNanos(micros * MICRO));
  }

  private static TraceHandshake handshake(TraceEvent.Handshake handshake) {
    return TraceHandshake.newBuilder()
        .setTime(Times.toProto(handshake.time()))
        .setSocket(socket(handshake.subject()))
        .setClient(handshake.side() == TraceEvent.Handshake.Side.CLIENT)
        .setOutcome(outcome(handshake.outcome()))
        .build();
  }

  private static TraceProfile profile(TraceEvent.Profile profile) {
    TraceProfile.Builder message = TraceProfile.newBuilder().setTime(Times.toProto(profile.time()));
    for (TraceEvent.Stack stack : profile.stacks()) {
      message.addStacks(
          TraceStack.newBuilder()
              .setPid(stack.actor().pid())
              .setCommand(stack.actor().command())
              .addAllFrames(stack.frames())
              .setCount(stack.count()));
    }
    return message.build();
  }

  private static TraceFastOpen outcome(FastOpen outcome) {
    return switch (outcome) {
      case NONE -> TraceFastOpen.TRACE_FAST_OPEN_UNSPECIFIED;
      case ASKED -> TraceFastOpen.TRACE_FAST_OPEN_ASKED;
      case ACCEPTED -> TraceFastOpen.TRACE_FAST_OPEN_ACCEPTED;
      case REFUSED -> TraceFastOpen.TRACE_FAST_OPEN_REFUSED;
    };
  }
}
