// Prints the headline of each article and acknowledges it, until Ctrl-C.
//
//	go mod tidy && go run . [ADDRESS] [GROUP] [NAME]
//
// ADDRESS is host:port or a socket; by default that of `nabaa run` in this repository. Readers of one
// group share the articles; those that run at the same time need different names.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

const stream = "nabaa:{0}:articles" // one for each shard
const redeliver = 10 * time.Minute  // longer than you need for 64 articles

type article struct {
	Title   string `json:"title"`
	Version int    `json:"version"`
	Outlet  struct {
		Name string `json:"name"`
	} `json:"outlet"`
}

type reader struct {
	client      *redis.Client
	group, name string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	host, _ := os.Hostname()
	options := &redis.Options{Addr: argument(1, "../../data/valkey.sock")}
	if strings.Contains(options.Addr, "/") {
		options.Network = "unix"
	}
	r := reader{redis.NewClient(options), argument(2, "go"), argument(3, host)}

	from := "0" // first what this name was given before and did not acknowledge, then what is new
	for ctx.Err() == nil {
		count, err := r.read(ctx, from)
		switch {
		case ctx.Err() != nil:
		case err != nil && strings.HasPrefix(err.Error(), "NOGROUP"):
			from = "0"
			r.client.XGroupCreateMkStream(ctx, stream, r.group, "0")
		case err != nil: // Redis is away; the client connects again by itself
			from = "0"
			log.Print(err)
			time.Sleep(time.Second)
		case count == 0:
			from = ">"
		}
	}
}

// read handles up to 64 messages and returns how many there were.
func (r reader) read(ctx context.Context, from string) (int, error) {
	streams, err := r.client.XReadGroup(ctx, &redis.XReadGroupArgs{
		Group: r.group, Consumer: r.name, Streams: []string{stream, from},
		Count: 64, Block: time.Second,
	}).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return 0, err
	}
	if len(streams) > 0 && len(streams[0].Messages) > 0 {
		return len(streams[0].Messages), r.handle(ctx, streams[0].Messages)
	}
	// What readers of other names were given long ago and did not acknowledge: they died.
	claimed, _, err := r.client.XAutoClaim(ctx, &redis.XAutoClaimArgs{
		Stream: stream, Group: r.group, Consumer: r.name, MinIdle: redeliver, Start: "0-0", Count: 64,
	}).Result()
	if err != nil {
		return 0, err
	}
	return 0, r.handle(ctx, claimed)
}

func (r reader) handle(ctx context.Context, messages []redis.XMessage) error {
	for _, message := range messages {
		// What was trimmed or cannot be read is acknowledged, too: it would come again for ever.
		if data, ok := message.Values["data"].(string); ok {
			var found article
			if err := json.Unmarshal([]byte(data), &found); err != nil {
				log.Printf("%s: %v", message.ID, err)
			} else {
				fmt.Printf("%s: %s\n", found.Outlet.Name, found.Title)
			}
		}
		if err := r.client.XAck(ctx, stream, r.group, message.ID).Err(); err != nil {
			return err
		}
	}
	return nil
}

func argument(number int, otherwise string) string {
	if len(os.Args) > number {
		return os.Args[number]
	}
	return otherwise
}
