package dev.shunt.publish.grpc;

import dev.shunt.observe.AddressText;
import dev.shunt.observe.ConnectionFilter;
import dev.shunt.observe.ConnectionQuery;
import dev.shunt.observe.ConnectionView;
import dev.shunt.observe.ConnectionVisitor.Visit;
import dev.shunt.observe.EventType;
import dev.shunt.observe.Explanation;
import dev.shunt.observe.ModeStatus;
import dev.shunt.observe.NodeEventView;
import dev.shunt.observe.NodeView;
import dev.shunt.observe.Subscription;
import dev.shunt.observe.WorkloadTrait;
import dev.shunt.v1.Connection;
import dev.shunt.v1.Event;
import dev.shunt.v1.ExplainConnectionRequest;
import dev.shunt.v1.ExplainConnectionResponse;
import dev.shunt.v1.ForgetTraitsRequest;
import dev.shunt.v1.ForgetTraitsResponse;
import dev.shunt.v1.GetStatsRequest;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.GetStatusRequest;
import dev.shunt.v1.GetStatusResponse;
import dev.shunt.v1.ListConnectionsRequest;
import dev.shunt.v1.ListTraitsRequest;
import dev.shunt.v1.ListTraitsResponse;
import dev.shunt.v1.NodeGrpc;
import dev.shunt.v1.RunSelfTestRequest;
import dev.shunt.v1.RunSelfTestResponse;
import dev.shunt.v1.SetModeRequest;
import dev.shunt.v1.SetModeResponse;
import dev.shunt.v1.WatchEventsRequest;
import dev.shunt.v1.WatchStatsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code shunt.v1.Node} over a {@link NodeView}.
 *
 * <p>Threads: gRPC calls the methods on {@link CallThreads#calls}; they may run side by side.
 */
final class NodeService extends NodeGrpc.NodeImplBase {
  private final NodeView view;
  private final CallThreads threads;

  NodeService(NodeView view, CallThreads threads) {
    this.view = view;
    this.threads = threads;
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> caller) {
    Answers.unary(caller, () -> StatusMessages.status(view.status()));
  }

  @Override
  public void getStats(GetStatsRequest request, StreamObserver<GetStatsResponse> caller) {
    Answers.unary(caller, () -> StatsMessages.stats(view.stats()));
  }

  @Override
  public void watchStats(WatchStatsRequest request, StreamObserver<GetStatsResponse> caller) {
    Answers.guard(
        caller,
        () -> {
          Duration interval = Requests.interval(request);
          new StatsStream<>(
                  (ServerCallStreamObserver<GetStatsResponse>) caller,
                  () -> StatsMessages.stats(view.stats()),
                  threads.calls())
              .start(threads, interval);
        });
  }

  @Override
  public void listConnections(ListConnectionsRequest request, StreamObserver<Connection> caller) {
    Answers.guard(
        caller,
        () -> {
          ConnectionFilter filter = Requests.filter(request);
          ServerCallStreamObserver<Connection> reader =
              (ServerCallStreamObserver<Connection>) caller;
          // Collected first: a slow reader must not keep the kernel's iterator open.
          List<ConnectionView> connections = new ArrayList<>();
          view.connections(
              filter,
              connection -> {
                connections.add(connection);
                return reader.isCancelled() ? Visit.STOP : Visit.CONTINUE;
              });
          ListStream stream = new ListStream(reader, connections);
          reader.setOnReadyHandler(stream::drain);
          stream.drain();
        });
  }

  @Override
  public void explainConnection(
      ExplainConnectionRequest request, StreamObserver<ExplainConnectionResponse> caller) {
    Answers.unary(
        caller,
        () -> {
          ConnectionQuery query = Requests.query(request.getConnection());
          return answer(request.getConnection(), view.explain(query));
        });
  }

  @Override
  public void setMode(SetModeRequest request, StreamObserver<SetModeResponse> caller) {
    Answers.unary(
        caller,
        () -> {
          ModeStatus mode = view.setMode(Requests.mode(request.getModeValue()));
          return SetModeResponse.newBuilder()
              .setMode(Enums.toProto(mode.mode()))
              .setModeOverride(Enums.toProto(mode.override()))
              .build();
        });
  }

  @Override
  public void listTraits(ListTraitsRequest request, StreamObserver<ListTraitsResponse> caller) {
    Answers.unary(
        caller,
        () ->
            ListTraitsResponse.newBuilder()
                .addAllTraits(TraitMessages.traits(view.traits()))
                .build());
  }

  @Override
  public void forgetTraits(
      ForgetTraitsRequest request, StreamObserver<ForgetTraitsResponse> caller) {
    Answers.unary(
        caller,
        () -> {
          List<WorkloadTrait> forgotten = view.forgetTraits(TraitMessages.which(request));
          if (forgotten.isEmpty() && !request.getAll()) {
            throw TraitMessages.notFound(request.getWorkload());
          }
          return ForgetTraitsResponse.newBuilder()
              .addAllTraits(TraitMessages.traits(forgotten))
              .build();
        });
  }

  @Override
  public void runSelfTest(RunSelfTestRequest request, StreamObserver<RunSelfTestResponse> caller) {
    threads
        .selfTests()
        .execute(() -> Answers.unary(caller, () -> StatusMessages.selfTest(view.runSelfTest())));
  }

  @Override
  public void watchEvents(WatchEventsRequest request, StreamObserver<Event> caller) {
    Answers.guard(
        caller,
        () -> {
          Set<EventType> types = Requests.eventTypes(request);
          ServerCallStreamObserver<Event> reader = (ServerCallStreamObserver<Event>) caller;
          EventStream<NodeEventView, Event> stream =
              new EventStream<>(
                  reader,
                  threads.calls(),
                  new EventStream.Form<>(NodeEventView::lost, ConnectionMessages::event));
          Subscription subscription = view.subscribe(types, stream::offer);
          reader.setOnReadyHandler(stream::drain);
          reader.setOnCancelHandler(subscription::close);
        });
  }

  private static ExplainConnectionResponse answer(String query, Explanation explanation) {
    if (explanation instanceof Explanation.Found found) {
      return ConnectionMessages.explanation(found);
    }
    if (explanation instanceof Explanation.Ambiguous ambiguous) {
      throw failure(
          Status.FAILED_PRECONDITION,
          "find connection %s failed: several match, name one by its cookie: %s"
              .formatted(query, list(ambiguous.candidates())));
    }
    throw failure(
        Status.NOT_FOUND,
        "find connection %s failed: none matches; 'shunt connections' lists them".formatted(query));
  }

  private static String list(List<ConnectionView> candidates) {
    return candidates.stream().map(NodeService::name).collect(Collectors.joining(", "));
  }

  private static String name(ConnectionView connection) {
    return "%s (%s->%s in %s)"
        .formatted(
            Long.toUnsignedString(connection.socket().cookie()),
            AddressText.format(connection.socket().local()),
            AddressText.format(connection.socket().remote()),
            connection.placement().namespace());
  }

  private static StatusRuntimeException failure(Status status, String message) {
    return status.withDescription(message).asRuntimeException();
  }
}
