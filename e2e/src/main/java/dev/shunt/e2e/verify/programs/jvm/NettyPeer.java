package dev.shunt.e2e.verify.programs.jvm;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Netty with its NIO or its native epoll transport. Used by the main thread. */
final class NettyPeer implements EchoPeer {
  private static final int LIMIT_SECONDS = 40;
  private static final int THREADS = 2;

  private final MultiThreadIoEventLoopGroup group;
  private final Class<? extends ServerChannel> listenerType;
  private final Class<? extends Channel> channelType;

  NettyPeer(String kind) {
    boolean epoll = kind.equals("netty-epoll");
    group =
        new MultiThreadIoEventLoopGroup(
            THREADS, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    listenerType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    channelType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  @Override
  public void serve(InetSocketAddress address) throws InterruptedException {
    new ServerBootstrap()
        .group(group)
        .channel(listenerType)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new Echo());
              }
            })
        .bind(address)
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  @Override
  public void ask(InetSocketAddress address, Conversation conversation) throws Exception {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    new Bootstrap()
        .group(group)
        .channel(channelType)
        .handler(new Client(conversation, over))
        .connect(address)
        .sync();
    over.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Sends everything back, and reads no faster than it can write. */
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var unused = context.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        var unused =
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
    }
  }

  /** Holds the conversation on its event loop. */
  private static final class Client extends SimpleChannelInboundHandler<ByteBuf> {
    private final Conversation conversation;
    private final CompletableFuture<Boolean> over;

    Client(Conversation conversation, CompletableFuture<Boolean> over) {
      this.conversation = conversation;
      this.over = over;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      say(context);
    }

    private void say(ChannelHandlerContext context) {
      boolean last = conversation.isLast();
      var sent = context.writeAndFlush(Unpooled.wrappedBuffer(conversation.message()));
      if (last) {
        var unused = sent.addListener(future -> finish(context));
      }
    }

    private static void finish(ChannelHandlerContext context) {
      var unused = ((DuplexChannel) context.channel()).shutdownOutput();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf got) {
      if (conversation.take(got.nioBuffer()) && !conversation.isOver()) {
        say(context);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      conversation.takeEnd();
      over.complete(true);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      over.completeExceptionally(cause);
    }
  }
}
