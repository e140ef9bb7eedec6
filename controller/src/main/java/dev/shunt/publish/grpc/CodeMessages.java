package dev.shunt.publish.grpc;

import dev.shunt.observe.trace.HeapCollection;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.v1.TraceCollection;
import dev.shunt.v1.TraceCollectionKind;
import dev.shunt.v1.TraceMemoryPool;

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

  private static TraceCollectionKind kind(HeapCollection.Kind kind) {
    return switch (kind) {
      case PAUSE -> TraceCollectionKind.TRACE_COLLECTION_KIND_PAUSE;
      case FULL_PAUSE -> TraceCollectionKind.TRACE_COLLECTION_KIND_FULL_PAUSE;
      case CYCLE -> TraceCollectionKind.TRACE_COLLECTION_KIND_CYCLE;
    };
  }
}
