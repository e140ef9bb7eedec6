package dev.shunt.publish.grpc;

import dev.shunt.observe.AddressText;
import dev.shunt.observe.ConnectionView;
import dev.shunt.observe.Explanation;
import dev.shunt.observe.NodeEventView;
import dev.shunt.observe.Placement;
import dev.shunt.observe.Progress;
import dev.shunt.observe.SocketView;
import dev.shunt.observe.Traffic;
import dev.shunt.v1.Connection;
import dev.shunt.v1.Event;
import dev.shunt.v1.ExplainConnectionResponse;
import dev.shunt.v1.ExplainStep;

/** Connections, their explanation and their events as messages. Stateless. */
final class ConnectionMessages {
  private ConnectionMessages() {}

  static Connection connection(ConnectionView view) {
    Connection.Builder message = Connection.newBuilder().setPeerCookie(view.peerCookie());
    addSocket(message, view.socket());
    addProgress(message, view.progress());
    Placement placement = view.placement();
    Traffic traffic = view.traffic();
    return message
        .setNamespace(placement.namespace())
        .setEndpoint(placement.endpoint())
        .setCgroup(placement.cgroup())
        .setMessagesRedirected(traffic.messagesRedirected())
        .setBytesRedirected(traffic.bytesRedirected())
        .setMessagesPassed(traffic.messagesPassed())
        .setBytesPassed(traffic.bytesPassed())
        .build();
  }

  static ExplainConnectionResponse explanation(Explanation.Found found) {
    ExplainConnectionResponse.Builder message =
        ExplainConnectionResponse.newBuilder()
            .setConnection(connection(found.connection()))
            .setSummary(found.summary());
    found.peer().ifPresent(peer -> message.setPeer(connection(peer)));
    for (Explanation.ExplainedStep step : found.steps()) {
      message.addSteps(
          ExplainStep.newBuilder()
              .setStep(Enums.toProto(step.step()))
              .setReached(step.status() == Explanation.StepStatus.REACHED)
              .setReason(Enums.toProto(step.reason()))
              .setText(step.text()));
    }
    return message.build();
  }

  /**
   * An event.
   *
   * @param lost events that this stream's reader missed before this one, ring and queue together
   */
  static Event event(NodeEventView event, long lost) {
    return Event.newBuilder()
        .setTime(Times.toProto(event.time()))
        .setType(Enums.toProto(event.type()))
        .setConnection(connection(event.connection()))
        .setReason(Enums.toProto(event.reason()))
        .setErrnoValue(event.errno())
        .setLost(lost)
        .addAllTraits(event.traits())
        .setDetail(event.detail())
        .build();
  }

  private static void addSocket(Connection.Builder message, SocketView socket) {
    message
        .setCookie(socket.cookie())
        .setLocalAddress(AddressText.format(socket.local().getAddress()))
        .setLocalPort(socket.local().getPort())
        .setRemoteAddress(AddressText.format(socket.remote().getAddress()))
        .setRemotePort(socket.remote().getPort())
        .setTcpState(socket.tcpState())
        .setAge(Times.toProto(socket.age()));
  }

  private static void addProgress(Connection.Builder message, Progress progress) {
    message
        .setSide(Enums.toProto(progress.side()))
        .setStep(Enums.toProto(progress.step()))
        .setReason(Enums.toProto(progress.reason()))
        .setLastPassReason(Enums.toProto(progress.lastPassReason()))
        .setErrnoValue(progress.errno())
        .setTurns(progress.turns());
  }
}
