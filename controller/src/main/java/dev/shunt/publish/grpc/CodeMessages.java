package dev.shunt.publish.grpc;

import dev.shunt.observe.trace.HeapCollection;
import dev.shunt.observe.trace.TlsConnection;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.v1.TraceCollection;
import dev.shunt.v1.TraceCollectionKind;
import dev.shunt.v1.TraceMemoryPool;
import dev.shunt.v1.TraceSocket;
import dev.shunt.v1.TraceTls;
import dev.shunt.v1.TraceTlsSide;
import dev.shunt.v1.TraceTlsState;

/** What modules tell of code of programs, as messages. Stateless. */
final class CodeMessages {
  private CodeMessages() {}

  static TraceCollection collection(TraceEvent.Collection event) {
    HeapCollection collection = event.collection();
    TraceCollection.Builder message =
        TraceCollection.newBuilder()
            .setTime(Times.toProto(event.time()))
            .setProcess(
                TraceMessages.place(event.place())
                    .setPid(event.actor().pid())
                    .setCommand(event.actor().command()))
            .setKind(kind(collection.kind()))
            .setCollector(collection.collector())
            .setDuration(Times.toProto(event.duration()))
            .setHeapBefore(collection.heapBefore())
            .setHeapAfter(collection.heapAfter());
    for (HeapCollection.Pool pool : collection.pools()) {
      message.addPools(
          TraceMemoryPool.newBuilder()
              .setName(pool.name())
              .setUsedBefore(pool.usedBefore())
              .setUsedAfter(pool.usedAfter())
              .setCommittedAfter(pool.committedAfter()));
    }
    return message.build();
  }

  static TraceTls tls(TraceEvent.Tls event) {
    TlsConnection connection = event.connection();
    TraceTls.Builder message =
        TraceTls.newBuilder()
            .setTime(Times.toProto(event.time()))
            .setSocket(socket(event.subject()))
            .setState(
                switch (connection.state()) {
                  case ESTABLISHED -> TraceTlsState.TRACE_TLS_STATE_ESTABLISHED;
                  case FAILED -> TraceTlsState.TRACE_TLS_STATE_FAILED;
                  case CLOSED -> TraceTlsState.TRACE_TLS_STATE_CLOSED;
                })
            .setSide(
                switch (connection.side()) {
                  case UNKNOWN -> TraceTlsSide.TRACE_TLS_SIDE_UNSPECIFIED;
                  case CLIENT -> TraceTlsSide.TRACE_TLS_SIDE_CLIENT;
                  case SERVER -> TraceTlsSide.TRACE_TLS_SIDE_SERVER;
                })
            .setVersion(connection.hello().version())
            .setServerName(connection.hello().serverName())
            .setAlert(connection.alertName())
            .setBytesRead(connection.traffic().bytesRead())
            .setBytesWritten(connection.traffic().bytesWritten())
            .setReads(connection.traffic().reads())
            .setWrites(connection.traffic().writes());
    connection.handshake().ifPresent(took -> message.setHandshake(Times.toProto(took)));
    return message.build();
  }

  /** Without addresses when the socket was not seen. */
  static TraceSocket socket(TraceEvent.Subject subject) {
    TraceSocket socket = TraceMessages.socket(subject);
    return subject.remote().getPort() == 0
        ? socket.toBuilder().clearLocalAddress().clearRemoteAddress().build()
        : socket;
  }

  private static TraceCollectionKind kind(HeapCollection.Kind kind) {
    return switch (kind) {
      case PAUSE -> TraceCollectionKind.TRACE_COLLECTION_KIND_PAUSE;
      case FULL_PAUSE -> TraceCollectionKind.TRACE_COLLECTION_KIND_FULL_PAUSE;
      case CYCLE -> TraceCollectionKind.TRACE_COLLECTION_KIND_CYCLE;
    };
  }
}
