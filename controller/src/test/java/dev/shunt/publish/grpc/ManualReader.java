package dev.shunt.publish.grpc;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a stream only when told to. Thread safe. */
final class ManualReader<Q, A> implements ClientResponseObserver<Q, A> {
  private final List<A> answers = new ArrayList<>();
  private @Nullable ClientCallStreamObserver<Q> call;
  private boolean completed;

  @Override
  public synchronized void beforeStart(ClientCallStreamObserver<Q> stream) {
    call = stream;
    stream.disableAutoRequestWithInitial(0);
  }

  @Override
  public synchronized void onNext(A answer) {
    answers.add(answer);
  }

  @Override
  public void onError(Throwable error) {
    // Cancelled by the test.
  }

  @Override
  public synchronized void onCompleted() {
    completed = true;
  }

  synchronized void request(int count) {
    Objects.requireNonNull(call).request(count);
  }

  synchronized void cancel() {
    Objects.requireNonNull(call).cancel("the test ends", null);
  }

  synchronized int count() {
    return answers.size();
  }

  synchronized A last() {
    return answers.get(answers.size() - 1);
  }

  synchronized List<A> all() {
    return List.copyOf(answers);
  }

  synchronized boolean completed() {
    return completed;
  }
}
