package dev.shunt.publish.grpc;

import dev.shunt.observe.DenialView;
import dev.shunt.observe.FiltersView;
import dev.shunt.observe.PacketQuestion;
import dev.shunt.observe.Subscription;
import dev.shunt.v1.Denial;
import dev.shunt.v1.FiltersGrpc;
import dev.shunt.v1.ListFiltersRequest;
import dev.shunt.v1.ListFiltersResponse;
import dev.shunt.v1.TestPacketRequest;
import dev.shunt.v1.TestPacketResponse;
import dev.shunt.v1.WatchDenialsRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * {@code shunt.v1.Filters} over a {@link FiltersView}.
 *
 * <p>Threads: gRPC calls the methods on {@link CallThreads#calls}; they may run side by side.
 */
final class FiltersService extends FiltersGrpc.FiltersImplBase {
  private static final String EVERYWHERE = "/";
  private static final String HOST = "host";

  private final FiltersView view;
  private final CallThreads threads;

  FiltersService(FiltersView view, CallThreads threads) {
    this.view = view;
    this.threads = threads;
  }

  @Override
  public void listFilters(ListFiltersRequest request, StreamObserver<ListFiltersResponse> caller) {
    Answers.unary(caller, () -> FilterMessages.filters(view.status()));
  }

  @Override
  public void watchDenials(WatchDenialsRequest request, StreamObserver<Denial> caller) {
    Answers.guard(
        caller,
        () -> {
          ServerCallStreamObserver<Denial> reader = (ServerCallStreamObserver<Denial>) caller;
          EventStream<DenialView, Denial> stream =
              new EventStream<>(
                  reader,
                  threads.calls(),
                  new EventStream.Form<>(DenialView::lost, FilterMessages::denial));
          Subscription subscription = view.watch(stream::offer);
          reader.setOnReadyHandler(stream::drain);
          reader.setOnCancelHandler(subscription::close);
        });
  }

  @Override
  public void testPacket(TestPacketRequest request, StreamObserver<TestPacketResponse> caller) {
    Answers.unary(
        caller,
        () -> {
          try {
            return FilterMessages.answer(view.test(question(request), live(request)));
          } catch (IllegalArgumentException wrong) {
            throw Status.INVALID_ARGUMENT.withDescription(wrong.getMessage()).asRuntimeException();
          }
        });
  }

  private static FiltersView.Live live(TestPacketRequest request) {
    return request.getLive() ? FiltersView.Live.YES : FiltersView.Live.NO;
  }

  private static PacketQuestion question(TestPacketRequest request) {
    return PacketQuestion.parse(
        request.getPacket(),
        request.getAt(),
        new PacketQuestion.Caller(
            request.getExecutable(),
            request.getCgroup().isEmpty() ? EVERYWHERE : request.getCgroup(),
            request.getNamespace().isEmpty() ? HOST : request.getNamespace()));
  }
}
