// Prints the headline of each article, and acknowledges it; run it twice and the two share them.
//
//	go mod tidy && go run . localhost:6379 [group]
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

const stream = "nabaa:{0}:articles"  // one for each shard
const redeliver = 10 * time.Minute // longer than you need for a batch

type article struct {
	Title   string `json:"title"`
	Version int    `json:"version"`
	Outlet  struct {
		Name string `json:"name"`
	} `json:"outlet"`
}

func main() {
	address, group := "localhost:6379", "go"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	if len(os.Args) > 2 {
		group = os.Args[2]
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	client := redis.NewClient(&redis.Options{Addr: address})
	host, _ := os.Hostname()
	consumer := fmt.Sprintf("%s-%d", host, os.Getpid())

	err := client.XGroupCreateMkStream(ctx, stream, group, "0").Err()
	if err != nil && !strings.HasPrefix(err.Error(), "BUSYGROUP") {
		log.Fatal(err)
	}
	for ctx.Err() == nil {
		// What a reader that died was given, and did not acknowledge.
		claimed, _, err := client.XAutoClaim(ctx, &redis.XAutoClaimArgs{
			Stream: stream, Group: group, Consumer: consumer,
			MinIdle: redeliver, Start: "0-0", Count: 64,
		}).Result()
		if err == nil {
			handle(ctx, client, group, claimed)
		}
		streams, err := client.XReadGroup(ctx, &redis.XReadGroupArgs{
			Group: group, Consumer: consumer, Streams: []string{stream, ">"},
			Count: 64, Block: time.Second,
		}).Result()
		switch {
		case errors.Is(err, redis.Nil) || ctx.Err() != nil:
		case err != nil:
			log.Print(err)
			time.Sleep(time.Second)
		default:
			handle(ctx, client, group, streams[0].Messages)
		}
	}
}

func handle(ctx context.Context, client *redis.Client, group string, messages []redis.XMessage) {
	for _, message := range messages {
		var found article
		data, _ := message.Values["data"].(string)
		if err := json.Unmarshal([]byte(data), &found); err != nil {
			log.Printf("%s: %v", message.ID, err)
			continue // it stays with the group
		}
		fmt.Printf("%s: %s\n", found.Outlet.Name, found.Title)
		if err := client.XAck(ctx, stream, group, message.ID).Err(); err != nil {
			log.Print(err)
		}
	}
}
