// TCP echo, a TCP relay and HTTP in Go:
// go_peer echo-server|echo-client|relay|http-server|http-client ADDRESS PAYLOAD|UPSTREAM.
// The clients compare every byte that comes back with the file PAYLOAD.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
)

const (
	turns       = 200
	connections = 8
	requests    = 50
)

var sizes = []int{1, 100, 1024, 4096, 16384, 65536, 1024, 262144}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fail(format string, values ...any) {
	check(fmt.Errorf(format, values...))
}

func serve(address string, handle func(*net.TCPConn)) {
	listener, err := net.Listen("tcp", address)
	check(err)
	for {
		connection, err := listener.Accept()
		check(err)
		go handle(connection.(*net.TCPConn))
	}
}

// Without io.Copy, which would splice.
func echo(connection *net.TCPConn) {
	defer connection.Close()
	buffer := make([]byte, 65536)
	for {
		count, err := connection.Read(buffer)
		if count > 0 {
			if _, failed := connection.Write(buffer[:count]); failed != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// With io.Copy between two TCP connections, which is splice(2) on Linux.
func relay(upstream string) func(*net.TCPConn) {
	return func(client *net.TCPConn) {
		defer client.Close()
		dialled, err := net.Dial("tcp", upstream)
		check(err)
		server := dialled.(*net.TCPConn)
		defer server.Close()
		var both sync.WaitGroup
		both.Add(2)
		half := func(to, from *net.TCPConn) {
			defer both.Done()
			io.Copy(to, from)
			to.CloseWrite()
		}
		go half(server, client)
		go half(client, server)
		both.Wait()
	}
}

func askEcho(address string, payload []byte) {
	dialled, err := net.Dial("tcp", address)
	check(err)
	connection := dialled.(*net.TCPConn)
	digest := sha256.New()
	received := 0
	expect := func(message []byte) {
		got := make([]byte, len(message))
		_, err := io.ReadFull(connection, got)
		check(err)
		if !bytes.Equal(got, message) {
			fail("echo of %d bytes is other bytes", len(message))
		}
		digest.Write(got)
		received += len(got)
	}
	for turn := 0; turn < turns; turn++ {
		size := 1 + turn*turn*37%65536
		start := turn * 7919 % (len(payload) - size)
		_, err := connection.Write(payload[start : start+size])
		check(err)
		expect(payload[start : start+size])
	}
	go func() {
		_, err := connection.Write(payload)
		check(err)
		connection.CloseWrite()
	}()
	expect(payload)
	rest, err := io.ReadAll(connection)
	check(err)
	if len(rest) > 0 {
		fail("%d bytes too many", len(rest))
	}
	fmt.Printf("turns %d\nreceived %d\nsha256 %x\n", turns, received, digest.Sum(nil))
}

func serveHTTP(address string, payload []byte) {
	handler := func(response http.ResponseWriter, request *http.Request) {
		if request.Method == http.MethodPost {
			body, err := io.ReadAll(request.Body)
			check(err)
			fmt.Fprintf(response, "%x", sha256.Sum256(body))
			return
		}
		size, err := strconv.Atoi(strings.TrimPrefix(request.URL.Path, "/bytes/"))
		check(err)
		response.Write(payload[:size])
	}
	check(http.ListenAndServe(address, http.HandlerFunc(handler)))
}

func exchange(client *http.Client, url string, payload []byte, number int) int {
	size := sizes[number%len(sizes)]
	expected := payload[:size]
	var response *http.Response
	var err error
	if number%4 == 3 {
		body := payload[size : 2*size]
		expected = []byte(fmt.Sprintf("%x", sha256.Sum256(body)))
		response, err = client.Post(url+"/digest", "text/plain", bytes.NewReader(body))
	} else {
		response, err = client.Get(url + "/bytes/" + strconv.Itoa(size))
	}
	check(err)
	got, err := io.ReadAll(response.Body)
	check(err)
	response.Body.Close()
	if !bytes.Equal(got, expected) {
		fail("request %d: %d other bytes", number, len(got))
	}
	return len(got)
}

func askHTTP(address string, payload []byte) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	received := make([]int, connections)
	var all sync.WaitGroup
	for index := range received {
		all.Add(1)
		go func(index int) {
			defer all.Done()
			for number := 0; number < requests; number++ {
				received[index] += exchange(client, "http://"+address, payload, number)
			}
		}(index)
	}
	all.Wait()
	fmt.Printf("answered %d\nreceived %v\n", connections*requests, received)
}

func main() {
	kind, address := os.Args[1], os.Args[2]
	if kind == "relay" {
		serve(address, relay(os.Args[3]))
	}
	payload, err := os.ReadFile(os.Args[3])
	check(err)
	switch kind {
	case "echo-server":
		serve(address, echo)
	case "echo-client":
		askEcho(address, payload)
	case "http-server":
		serveHTTP(address, payload)
	case "http-client":
		askHTTP(address, payload)
	}
}
